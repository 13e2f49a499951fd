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

    private func write(_ files: [String: Data]) throws {
        var paths: [String: String] = [:]
        for (number, file) in files.enumerated() {
            let path = "\(place)/source-\(number)"
            try file.value.write(to: URL(fileURLWithPath: path))
            paths[file.key] = path
        }
        try ArchiveWriter(path: archive, version: "1.2.3").write(paths)
    }

    private func expectRefusal(of content: Data) throws {
        try content.write(to: URL(fileURLWithPath: archive))
        #expect(throws: ArchiveError.self) { try ArchiveReader(path: archive).extract(to: target) }
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    private func remove() {
        // A temporary folder.
        try? FileManager.default.removeItem(atPath: place)
    }
}
