import Foundation

/// A small file beside the database that keeps the room without which it can't even be read: SQLite holds the index of
/// its log in a file of 32 KiB, which is made at each start. On a full disk the reserve makes way for it.
struct RoomReserve: Sendable {
    let path: String

    private static let byteCount = 36 * 1024
    private static let trialByteCount = 128 * 1024

    init(beside databasePath: String) {
        path = databasePath + ".reserve"
    }

    /// Takes the room where it isn't taken, as far as there is any.
    ///
    /// - Returns: whether all of it is kept. Where it is not, the disk counts as full.
    @discardableResult
    func fill() -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let missing = Self.byteCount - Int(lseek(descriptor, 0, SEEK_END))
        return missing <= 0 || Self.write(missing, to: descriptor)
    }

    /// Whether there is room for more than a single small write beside what is kept: a disk that was full counts as full
    /// until then, so that it does not go to and fro.
    func hasRoomForMore() -> Bool {
        let draft = path + ".trial"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer {
            close(descriptor)
            unlink(draft)
        }
        return Self.write(Self.trialByteCount, to: descriptor)
    }

    /// Gives the room free; false where there was none.
    func release() -> Bool {
        unlink(path) == 0
    }

    /// Writes noise, because a file system may store a run of zeros in no room at all.
    private static func write(_ count: Int, to descriptor: Int32) -> Bool {
        var noise = UInt64.random(in: 1...UInt64.max)
        let bytes = (0..<count).map { _ in
            noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: noise >> 56)
        }
        return Foundation.write(descriptor, bytes, count) == count
    }
}
