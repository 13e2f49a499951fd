import Foundation

/// The rows that were refused, as a file that can be mended and imported again: each row byte for byte as it stood in the
/// imported file, and behind it two columns of our own, its line there and the reason.
///
/// A file that is there already is never touched: it may hold somebody's work.
public final class RejectsFile {
    private let layout: RejectsLayout
    private let mark: [UInt8]
    private let encode: ([UInt8]) -> [UInt8]
    private let candidates: [String]
    private var file: FileHandle?
    /// Where the refused rows are, or will be once there is one.
    public private(set) var path: String
    public private(set) var count = 0

    /// - Parameters:
    ///   - place: where it is to be.
    ///   - file: what is imported, and how it is written.
    public convenience init(_ place: RejectsPlace, of file: ImportFile) throws {
        try self.init(
            place, header: file.header, separator: file.dialect.delimiter.byte, mark: try file.byteOrderMark(), encode: file.encode)
    }

    /// - Parameters:
    ///   - header: the first row of the imported file.
    ///   - separator: what stands between its columns.
    ///   - mark: the bytes before it that tell its encoding.
    ///   - encode: brings UTF-8 into the encoding of the imported file.
    init(
        _ place: RejectsPlace, header: CSVRow, separator: UInt8 = ASCII.comma, mark: [UInt8] = [],
        encode: @escaping ([UInt8]) -> [UInt8] = { $0 }
    ) throws {
        layout = RejectsLayout(header: header, separator: separator)
        self.mark = mark
        self.encode = encode
        candidates = place.candidates
        path = try place.firstFree()
        if place.isNamed { try begin() }
    }

    public func add(_ row: CSVRow, reason: String) throws {
        try begin()
        try write(layout.line(row, reason: reason))
        count += 1
    }

    public func close() throws {
        try file?.close()
    }

    /// A file that nobody asked for is made when there is a row for it.
    private func begin() throws {
        guard file == nil else { return }
        for candidate in candidates {
            let descriptor = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            if descriptor < 0, errno == EEXIST { continue }
            guard descriptor >= 0 else { throw RejectsFileError.notWritable(candidate) }
            let made = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            (file, path) = (made, candidate)
            try made.write(contentsOf: Data(mark))
            return try write(layout.header)
        }
        throw RejectsFileError.exists(path)
    }

    private func write(_ line: [UInt8]) throws {
        try file?.write(contentsOf: Data(encode(line)))
    }
}
