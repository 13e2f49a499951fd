import Foundation
import HMSTestKit
import Testing

@testable import ServiceKit

/// Secrets that are closed before they are kept.
@Suite(.timeLimit(.minutes(10))) struct SecretSealTests {
    private let folder: TemporaryFolder
    private let file: SealingKeyFile

    init() throws {
        folder = try TemporaryFolder()
        file = SealingKeyFile("\(folder.path)/keys/sealing.json")
    }

    /// Another process, which reads the file anew.
    private var seal: SecretSeal { SecretSeal(file) }

    @Test func `what is closed for a place opens there, and nowhere else`() throws {
        try file.findOrMake()
        let sealed = try #require(try seal.close("hush".utf8, for: "a"))
        #expect(!sealed.contains("hush") && sealed.hasPrefix("1:"))
        #expect(try seal.open(sealed, of: "a") == Array("hush".utf8))
        #expect(throws: SealError.damaged) { try seal.open(sealed, of: "b") }
        #expect(try seal.close("hush".utf8, for: "a") != sealed, "two of the same can't be told to be the same")
    }

    @Test func `where there is no file nothing is closed, and a key is made once`() throws {
        #expect(try seal.close("hush".utf8, for: "a") == nil)
        try file.findOrMake()
        let keys = try file.read()
        try file.findOrMake()
        #expect(try file.read() == keys && keys.count == 1 && keys[0].bytes.count == 32)
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `a new key closes, and those of before open what they have closed`() throws {
        try file.findOrMake()
        let old = try #require(try seal.close("hush".utf8, for: "a"))
        #expect(try seal.isCurrent(old))
        try file.rotate()
        #expect(try !seal.isCurrent(old) && seal.open(old, of: "a") == Array("hush".utf8))
        let new = try #require(try seal.close("hush".utf8, for: "a"))
        #expect(try seal.isCurrent(new) && Set([old, new].map { $0.split(separator: ":")[1] }).count == 2)
    }

    @Test func `a process that runs hears of a new key`() throws {
        try file.findOrMake()
        let running = seal
        let old = try #require(try running.close("hush".utf8, for: "a"))
        try file.rotate()
        while try running.isCurrent(old) {}
        #expect(try running.open(old, of: "a") == Array("hush".utf8))
    }

    @Test func `a key that is gone is named with the file where it is missing`() throws {
        try file.findOrMake()
        let sealed = try #require(try seal.close("hush".utf8, for: "a"))
        try FileManager.default.removeItem(atPath: file.path)
        let error = #expect(throws: SealError.self) { try seal.open(sealed, of: "a") }
        #expect("\(try #require(error))".contains(file.path))
        try file.findOrMake()
        #expect(throws: SealError.self) { try seal.open(sealed, of: "a") }
    }

    @Test(arguments: ["", "1", "1:x:y", "2:x:AAAA", "hush", "1::", "::"])
    func `what is none of ours opens as nothing`(text: String) throws {
        try file.findOrMake()
        #expect(throws: SealError.self) { try seal.open(text, of: "a") }
    }

    @Test func `of what was changed nothing opens`() throws {
        try file.findOrMake()
        let sealed = try #require(try seal.close("hush".utf8, for: "a"))
        for place in sealed.indices.dropFirst(sealed.lastIndex(of: ":").map { sealed.distance(from: sealed.startIndex, to: $0) + 1 } ?? 0) {
            var changed = sealed
            changed.replaceSubrange(place...place, with: sealed[place] == "A" ? "B" : "A")
            #expect(throws: SealError.damaged) { try seal.open(changed, of: "a") }
        }
    }

    @Test(arguments: ["", "{}", #"{"keys":[]}"#, #"{"keys":[{"id":"a","key":"AAAA","made_at":1}]}"#])
    func `a file that holds no keys is refused, and never written over`(text: String) throws {
        try FileManager.default.createDirectory(atPath: "\(folder.path)/keys", withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file.path))
        #expect(throws: FileError.self) { try seal.hasKey() }
        #expect(throws: FileError.self) { try file.findOrMake() }
        #expect(throws: FileError.self) { try file.rotate() }
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == text)
    }
}
