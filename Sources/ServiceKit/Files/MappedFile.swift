import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file whose bytes are memory of this process: what is written there is in the file at once, and outlives the process, though not
/// the machine's power. One process at a time has it.
///
/// Its blocks are laid down when it is opened, because memory that has none ends the process that writes there.
final class MappedFile {
    let path: String
    let byteCount: Int
    private let descriptor: Int32
    private let memory: UnsafeMutableRawPointer

    /// Opens a file for its owner alone, and makes it where there is none. Nil where another process has it.
    ///
    /// - Throws: ``FileError`` where it can't be opened, or there is no room for it.
    init?(_ path: String, byteCount: Int) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(path, code: errno) }
        guard try Self.lock(descriptor, path) else {
            close(descriptor)
            return nil
        }
        let code = Self.layDown(byteCount, descriptor)
        guard code == 0, let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), memory != MAP_FAILED else {
            defer { close(descriptor) }
            throw FileError(path, code: code == 0 ? errno : code)
        }
        (self.path, self.byteCount, self.descriptor, self.memory) = (path, byteCount, descriptor, memory)
    }

    deinit {
        munmap(memory, byteCount)
        // The lock goes with the descriptor.
        close(descriptor)
    }

    /// Those from `place` on, as far as they are the file's.
    func bytes(from place: Int, count: Int) -> [UInt8] {
        guard place >= 0, place <= byteCount else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: memory + place, count: max(0, min(count, byteCount - place))))
    }

    /// - Returns: false, with nothing done, where they have no room.
    @discardableResult
    func write(_ bytes: [UInt8], at place: Int) -> Bool {
        guard place >= 0, place <= byteCount - bytes.count else { return false }
        bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            (memory + place).copyMemory(from: start, byteCount: source.count)
        }
        return true
    }

    /// Writes zeros.
    func erase(from place: Int, count: Int) {
        guard place >= 0, place <= byteCount else { return }
        UnsafeMutableRawBufferPointer(start: memory + place, count: max(0, min(count, byteCount - place))).initializeMemory(
            as: UInt8.self, repeating: 0)
    }

    /// A number of four bytes, as this machine has it. All that was written before is there when it is.
    @discardableResult
    func write(_ number: UInt32, at place: Int) -> Bool {
        guard place >= 0, place <= byteCount - MemoryLayout<UInt32>.size else { return false }
        atomicMemoryFence(ordering: .releasing)
        memory.storeBytes(of: number, toByteOffset: place, as: UInt32.self)
        return true
    }

    func number(at place: Int) -> UInt32? {
        guard place >= 0, place <= byteCount - MemoryLayout<UInt32>.size else { return nil }
        return memory.loadUnaligned(fromByteOffset: place, as: UInt32.self)
    }

    private static func lock(_ descriptor: Int32, _ path: String) throws -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK: return false
            case let code:
                close(descriptor)
                throw FileError(path, code: code)
            }
        }
        return true
    }

    private static func layDown(_ byteCount: Int, _ descriptor: Int32) -> Int32 {
        #if canImport(Darwin)
        ftruncate(descriptor, off_t(byteCount)) == 0 ? 0 : errno
        #else
        posix_fallocate(descriptor, 0, off_t(byteCount))
        #endif
    }
}
