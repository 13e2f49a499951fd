import CZlib

private let chunkBytes = 1 << 16

/// zlib's own record of a stream, which must stay where it is.
private final class ZStream {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let end: (UnsafeMutablePointer<z_stream>) -> Int32

    init(_ begin: (UnsafeMutablePointer<z_stream>) -> Int32, end: @escaping (UnsafeMutablePointer<z_stream>) -> Int32) throws {
        stream.initialize(to: z_stream())
        self.end = end
        guard begin(stream) == Z_OK else { throw ArchiveError.unsound("there is no memory to compress it") }
    }

    deinit {
        _ = end(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// How much of the last input is left.
    var inputLeft: Int { Int(stream.pointee.avail_in) }

    /// Takes from `input` and fills one chunk; `step` says what zlib has made of it.
    func step(
        _ input: ArraySlice<UInt8>, _ step: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> (code: Int32, output: [UInt8]) {
        input.withUnsafeBufferPointer { input in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(input.count)
            var code = Z_OK
            let output = [UInt8](unsafeUninitializedCapacity: chunkBytes) { buffer, count in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(chunkBytes)
                code = step(stream)
                count = chunkBytes - Int(stream.pointee.avail_out)
            }
            return (code, output)
        }
    }
}

/// Compresses what goes through it.
final class GzipSink: ByteSink {
    private static let level: Int32 = 6

    private let target: any ByteSink
    private let zlib: ZStream

    init(_ target: any ByteSink) throws {
        self.target = target
        zlib = try ZStream({ zlib_begin_gzip($0, Self.level) }, end: deflateEnd)
    }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let (code, output) = zlib.step(rest) { deflate($0, Z_NO_FLUSH) }
            guard code == Z_OK else { throw ArchiveError.unsound("it can't be compressed") }
            if !output.isEmpty { try target.write(output) }
            rest = rest.suffix(zlib.inputLeft)
        }
    }

    func finish() throws {
        while true {
            let (code, output) = zlib.step([]) { deflate($0, Z_FINISH) }
            guard code == Z_OK || code == Z_STREAM_END else { throw ArchiveError.unsound("it can't be compressed") }
            if !output.isEmpty { try target.write(output) }
            if code == Z_STREAM_END { return try target.finish() }
        }
    }
}

/// Uncompresses one gzip stream, behind which there is nothing.
final class GzipSource: ByteSource {
    private let source: any ByteSource
    private let zlib: ZStream
    private var input: ArraySlice<UInt8> = []
    private var isAtEnd = false

    init(_ source: any ByteSource) throws {
        self.source = source
        zlib = try ZStream({ zlib_begin_gunzip($0) }, end: inflateEnd)
    }

    func read() throws -> [UInt8] {
        while !isAtEnd {
            if input.isEmpty { input = try source.read()[...] }
            guard !input.isEmpty else { throw ArchiveError.unsound("it ends too early") }
            let (code, output) = zlib.step(input) { inflate($0, Z_NO_FLUSH) }
            input = input.suffix(zlib.inputLeft)
            switch code {
            case Z_STREAM_END:
                isAtEnd = true
                guard input.isEmpty, try source.read().isEmpty else { throw ArchiveError.unsound("something follows behind its end") }
            case Z_OK, Z_BUF_ERROR: break
            default: throw ArchiveError.unsound("it is damaged, or no gzip file")
            }
            if !output.isEmpty { return output }
        }
        return []
    }
}
