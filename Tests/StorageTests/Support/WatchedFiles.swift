import Foundation
import GRDBSQLite
import Synchronization

/// A VFS that stands before the real one for every database of the process, and tells the disk of a watched file what is
/// written and flushed. Files elsewhere are the real one's from the moment they are open.
enum WatchedFiles {
    /// By the folder whose files they hold.
    static let disks = Mutex<[String: WatchedDisk]>([:])

    static func register() { _ = registered }

    private static let registered: Void = {
        var vfs = real.pointee
        vfs.szOsFile = Int32(sizeOfHead) + real.pointee.szOsFile
        vfs.zName = name.map { UnsafePointer($0) }
        vfs.pNext = nil
        vfs.xOpen = { _, path, file, flags, outFlags in WatchedFiles.open(path, file, flags, outFlags) }
        vfs.xDelete = { _, path, flushesFolder in WatchedFiles.delete(path, flushesFolder) }
        own.initialize(to: vfs)
        sqlite3_vfs_register(own, 1)
    }()

    // SQLite keeps these for the life of the process, and nobody changes them after they were made.
    private nonisolated(unsafe) static let real = {
        guard let vfs = sqlite3_vfs_find(nil) else { preconditionFailure("SQLite knows no files") }
        return vfs
    }()
    private nonisolated(unsafe) static let own = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    private nonisolated(unsafe) static let name = {
        let text = "watched".utf8CString
        let name = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.count)
        _ = name.initialize(from: text)
        return name.baseAddress
    }()
    private nonisolated(unsafe) static let methods = {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(to: WatchedFiles.makeMethods())
        return methods
    }()

    /// Before SQLite's own part of a file stands ours: what it is called by, and what it is.
    private struct Head {
        var file: sqlite3_file
        var watched: Unmanaged<WatchedFile>
    }

    private static let sizeOfHead = 64

    private static func open(
        _ path: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let file, let path, let disk = disk(of: String(cString: path)) else {
            return real.pointee.xOpen(real, path, file, flags, outFlags)
        }
        let code = real.pointee.xOpen(real, path, realFile(file), flags, outFlags)
        guard code == SQLITE_OK else {
            file.pointee.pMethods = nil
            return code
        }
        let watched = Unmanaged.passRetained(WatchedFile(path: String(cString: path), disk: disk))
        UnsafeMutableRawPointer(file).initializeMemory(
            as: Head.self, to: Head(file: sqlite3_file(pMethods: UnsafePointer(methods)), watched: watched))
        return SQLITE_OK
    }

    private static func delete(_ path: UnsafePointer<CChar>?, _ flushesFolder: Int32) -> Int32 {
        guard let path else { return SQLITE_MISUSE }
        let code = real.pointee.xDelete(real, path, flushesFolder)
        if code == SQLITE_OK { disk(of: String(cString: path))?.wasDeleted(String(cString: path)) }
        return code
    }

    private static func disk(of path: String) -> WatchedDisk? {
        disks.withLock { disks in disks.first { path.hasPrefix($0.key + "/") }?.value }
    }

    private static func realFile(_ file: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutablePointer<sqlite3_file> {
        (UnsafeMutableRawPointer(file) + sizeOfHead).assumingMemoryBound(to: sqlite3_file.self)
    }

    private static func watched(_ file: UnsafeMutablePointer<sqlite3_file>) -> Unmanaged<WatchedFile> {
        UnsafeMutableRawPointer(file).assumingMemoryBound(to: Head.self).pointee.watched
    }
}

/// What is known of an open file.
private final class WatchedFile: Sendable {
    let path: String
    let disk: WatchedDisk

    init(path: String, disk: WatchedDisk) {
        self.path = path
        self.disk = disk
    }
}

extension WatchedFiles {
    /// Calls the real file's method.
    private static func pass(
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ call: (sqlite3_io_methods, UnsafeMutablePointer<sqlite3_file>) -> Int32
    ) -> Int32 {
        guard let file, let methods = realFile(file).pointee.pMethods else { return SQLITE_MISUSE }
        return call(methods.pointee, realFile(file))
    }

    private static func makeMethods() -> sqlite3_io_methods {
        var methods = sqlite3_io_methods()
        methods.iVersion = 3
        addWriting(to: &methods)
        addReading(to: &methods)
        addSharing(to: &methods)
        return methods
    }

    private static func addWriting(to methods: inout sqlite3_io_methods) {
        methods.xWrite = { file, bytes, count, offset in
            guard let file else { return SQLITE_MISUSE }
            let watched = WatchedFiles.watched(file).takeUnretainedValue()
            guard watched.disk.willWrite(watched.path) else { return SQLITE_FULL }
            return WatchedFiles.pass(file) { $0.xWrite($1, bytes, count, offset) }
        }
        methods.xTruncate = { file, size in
            guard let file else { return SQLITE_MISUSE }
            let watched = WatchedFiles.watched(file).takeUnretainedValue()
            guard watched.disk.willWrite(watched.path) else { return SQLITE_FULL }
            return WatchedFiles.pass(file) { $0.xTruncate($1, size) }
        }
        methods.xSync = { file, flags in
            guard let file else { return SQLITE_MISUSE }
            let code = WatchedFiles.pass(file) { $0.xSync($1, flags) }
            let watched = WatchedFiles.watched(file).takeUnretainedValue()
            if code == SQLITE_OK { watched.disk.wasFlushed(watched.path) }
            return code
        }
        methods.xClose = { file in
            guard let file else { return SQLITE_MISUSE }
            let code = WatchedFiles.pass(file) { $0.xClose($1) }
            WatchedFiles.watched(file).release()
            return code
        }
    }

    private static func addReading(to methods: inout sqlite3_io_methods) {
        methods.xRead = { file, bytes, count, offset in WatchedFiles.pass(file) { $0.xRead($1, bytes, count, offset) } }
        methods.xFileSize = { file, size in WatchedFiles.pass(file) { $0.xFileSize($1, size) } }
        methods.xFileControl = { file, operation, argument in WatchedFiles.pass(file) { $0.xFileControl($1, operation, argument) } }
        methods.xSectorSize = { file in WatchedFiles.pass(file) { $0.xSectorSize($1) } }
        methods.xDeviceCharacteristics = { file in WatchedFiles.pass(file) { $0.xDeviceCharacteristics($1) } }
        methods.xFetch = { file, offset, count, page in WatchedFiles.pass(file) { $0.xFetch($1, offset, count, page) } }
        methods.xUnfetch = { file, offset, page in WatchedFiles.pass(file) { $0.xUnfetch($1, offset, page) } }
    }

    private static func addSharing(to methods: inout sqlite3_io_methods) {
        methods.xLock = { file, level in WatchedFiles.pass(file) { $0.xLock($1, level) } }
        methods.xUnlock = { file, level in WatchedFiles.pass(file) { $0.xUnlock($1, level) } }
        methods.xCheckReservedLock = { file, result in WatchedFiles.pass(file) { $0.xCheckReservedLock($1, result) } }
        methods.xShmMap = { file, page, size, extend, memory in
            WatchedFiles.pass(file) { $0.xShmMap($1, page, size, extend, memory) }
        }
        methods.xShmLock = { file, offset, count, flags in WatchedFiles.pass(file) { $0.xShmLock($1, offset, count, flags) } }
        methods.xShmBarrier = { file in
            _ = WatchedFiles.pass(file) {
                $0.xShmBarrier($1)
                return SQLITE_OK
            }
        }
        methods.xShmUnmap = { file, delete in WatchedFiles.pass(file) { $0.xShmUnmap($1, delete) } }
    }
}
