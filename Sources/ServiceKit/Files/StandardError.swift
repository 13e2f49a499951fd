#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where log lines go.
enum StandardError {
    /// Writes the line with one system call, so that lines of several processes do not mix.
    static func write(line bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { write($0, to: STDERR_FILENO) }
    }

    /// The count of bytes that were written, negative where none could be.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
        while true {
            let count = systemWrite(descriptor, bytes)
            if count < 0, errno == EINTR { continue }
            return count
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
        Musl.write(descriptor, buffer.baseAddress, buffer.count)
        #else
        Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
