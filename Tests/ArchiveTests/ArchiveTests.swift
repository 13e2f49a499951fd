import Foundation
import Testing

@testable import Archive

/// Archives of hospitals: whole ones come back as they were, all others are refused.
@Suite struct ArchiveTests {
    private let place = NSTemporaryDirectory() + "archive-\(UUID().uuidString)"
    private var archive: String { place + "/hospital.tar.gz" }
    private var target: String { place + "/restored" }

    init() throws {
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    }

    @Test func `what goes in comes out, for its owner's eyes only`() throws {
        defer { remove() }
        let large = Data((0..<200_001).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try write(["billing/billing.sqlite": large, "keys/signing.pem": Data("key".utf8), "empty": Data()])
        let manifest = try ArchiveReader(path: archive).extract(to: target)
        #expect(manifest.version == "1.2.3" && manifest.files.map(\.path) == ["billing/billing.sqlite", "empty", "keys/signing.pem"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: target + "/billing/billing.sqlite")) == large)
        for path in [archive, target + "/keys/signing.pem"] {
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `an archive that was cut off or changed is refused, and leaves nothing`() throws {
        defer { remove() }
        try write(["a": Data((0..<5000).map { _ in UInt8.random(in: 0...255) })])
        let whole = try Data(contentsOf: URL(fileURLWithPath: archive))
        for length in [0, 5, whole.count / 2, whole.count - 9, whole.count - 1] { try expectRefusal(of: whole.prefix(length)) }
        for position in stride(from: 20, to: whole.count, by: whole.count / 37) {
            var changed = whole
            changed[position] ^= 0x10
            try expectRefusal(of: changed)
        }
    }

    @Test func `what follows behind the end is refused, also where it is an archive or nothing but zeros`() throws {
        defer { remove() }
        try write(["a": Data("first".utf8)])
        let whole = try Data(contentsOf: URL(fileURLWithPath: archive))
        for tail in [Data([0]), Data("garbage".utf8), whole, Data(repeating: 0, count: 1 << 17)] { try expectRefusal(of: whole + tail) }
    }

    @Test func `what is not compressed is no archive`() throws {
        defer { remove() }
        let json = Array(#"{"format":1,"version":"1","madeAt":"2026-01-01T00:00:00Z","files":[]}"#.utf8)
        let header = try TarHeader(path: "manifest.json", bytes: Int64(json.count))
        try expectRefusal(of: Data(header.block + json + header.zeros + [UInt8](repeating: 0, count: 1024)))
    }

    @Test func `an encrypted archive is opened by its key only`() throws {
        defer { remove() }
        let (key, other) = (BackupKey.make(), BackupKey.make())
        let content = Data((0..<200_000).map { _ in UInt8.random(in: 0...255) })
        try write(["a": content, "b": Data("words that stand out".utf8)], to: key)
        #expect(throws: ArchiveError.self) { try ArchiveReader(path: archive).extract(to: target) }
        #expect(throws: ArchiveError.self) { try ArchiveReader(path: archive, key: other).extract(to: target) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: archive)).range(of: Data("manifest".utf8)) == nil)
        try ArchiveReader(path: archive, key: key).extract(to: target)
        #expect(try Data(contentsOf: URL(fileURLWithPath: target + "/a")) == content)
    }

    @Test func `an encrypted archive that was cut off, changed, put in another order or added to is refused`() throws {
        defer { remove() }
        let key = BackupKey.make()
        try write(["a": Data((0..<200_000).map { _ in UInt8.random(in: 0...255) })], to: key)
        let whole = try Data(contentsOf: URL(fileURLWithPath: archive))
        let (start, chunk) = (40, 4 + 65_536 + 16)
        let first = whole[start..<start + chunk]
        let second = whole[start + chunk..<start + 2 * chunk]
        let rest = whole[(start + 2 * chunk)...]
        let head = whole.prefix(start)
        for length in [7, 39, start, start + 3, start + chunk, start + 2 * chunk, whole.count - 1] {
            try expectRefusal(of: whole.prefix(length), key)
        }
        for chunks in [[second, first, rest], [first, first, rest], [second, rest], [first, second, rest, first]] {
            try expectRefusal(of: chunks.reduce(head, +), key)
        }
        for position in [0, 9, 40, 41, 50, start + chunk + 1, whole.count - 1] {
            var changed = whole
            changed[position] ^= 0x10
            try expectRefusal(of: changed, key)
        }
    }

    @Test func `keys are written and read, and never over other ones`() throws {
        defer { remove() }
        let (secret, open) = (place + "/backup.key", place + "/backup.pub")
        try BackupKey.make().write(private: secret, public: open)
        try ArchiveWriter(path: archive, version: "1", to: try BackupKey.readPublic(open)).write([:])
        #expect(try ArchiveReader(path: archive, key: try BackupKey.readPrivate(secret)).extract(to: target).files.isEmpty)
        #expect(throws: ArchiveError.self) { try BackupKey.make().write(private: secret, public: open) }
        #expect(throws: ArchiveError.self) { try BackupKey.readPublic(secret) }
        #expect(throws: ArchiveError.self) { try BackupKey.readPrivate(open) }
        #expect(try FileManager.default.attributesOfItem(atPath: secret)[.posixPermissions] as? Int == 0o600)
    }

    @Test(arguments: ["../outside", "/etc/outside", "a/../../outside", "a//b", "", "./a", "manifest.json", "a\u{0}b"])
    func `a path that leads out of the folder is refused`(path: String) throws {
        let json = #"{"format":1,"version":"1","madeAt":"2026-01-01T00:00:00Z","files":[{"path":PATH,"bytes":1,"sha256":""}]}"#
        let name = String(decoding: try JSONEncoder().encode(path), as: UTF8.self)
        #expect(throws: ArchiveError.self) { try ArchiveManifest(json: Data(json.replacing("PATH", with: name).utf8)) }
        remove()
    }

    @Test func `what says to hold more than the disk has is refused before it is written`() throws {
        defer { remove() }
        let files = (1...3).map { ArchiveManifest.File(path: "\($0)", bytes: .max / 2, sha256: "") }
        #expect(throws: ArchiveError.self) { try ArchiveManifest(version: "1", files: files).totalBytes() }
    }

    @Test func `what can't be written whole does not get its name, and the one before stays`() throws {
        defer { remove() }
        try write(["a": Data("first".utf8)])
        let before = try Data(contentsOf: URL(fileURLWithPath: archive))
        #expect(throws: ArchiveError.self) {
            try ArchiveWriter(path: archive, version: "1.2.3").write(["b": place + "/nothing"])
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: archive)) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).allSatisfy { !$0.contains("partial") })
    }

    private func write(_ files: [String: Data], to key: BackupKey? = nil) throws {
        var paths: [String: String] = [:]
        for (number, file) in files.enumerated() {
            let path = "\(place)/source-\(number)"
            try file.value.write(to: URL(fileURLWithPath: path))
            paths[file.key] = path
        }
        try ArchiveWriter(path: archive, version: "1.2.3", to: key?.publicKey).write(paths)
    }

    private func expectRefusal(of content: Data, _ key: BackupKey? = nil) throws {
        try content.write(to: URL(fileURLWithPath: archive))
        #expect(throws: ArchiveError.self) { try ArchiveReader(path: archive, key: key).extract(to: target) }
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    private func remove() {
        // A temporary folder.
        try? FileManager.default.removeItem(atPath: place)
    }
}
