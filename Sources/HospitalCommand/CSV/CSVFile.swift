import Foundation

extension CSVReader {
    /// Opens a file on disk, which is read in chunks as the records are asked for.
    public init(path: String, limits: CSVLimits = CSVLimits()) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue,
            let file = FileHandle(forReadingAtPath: path)
        else { throw CSVFileError(path: path) }
        try self.init(limits: limits) { [UInt8](try file.read(upToCount: 64 * 1024) ?? Data()) }
    }
}

/// The file to import can't be read.
public struct CSVFileError: Error, CustomStringConvertible {
    public let path: String
    public var description: String { "can't read \(path)" }
}
