/// The file to import can't be read.
public struct CSVFileError: Error, CustomStringConvertible {
    public let path: String
    public var description: String { "can't read \(path)" }
}
