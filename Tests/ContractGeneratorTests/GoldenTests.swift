import ContractGenerator
import Foundation
import SwiftProtobuf
import Testing

/// What the generator makes of a small contract that has one of everything. `make generate` rewrites the golden files.
@Suite struct GoldenTests {
    static let folder = Bundle.module.resourceURL?.appending(path: "Golden") ?? URL(filePath: "Golden")

    static func descriptors() throws -> Google_Protobuf_FileDescriptorSet {
        try Google_Protobuf_FileDescriptorSet(serializedBytes: Data(contentsOf: folder.appending(path: "library.descriptors")))
    }

    static func contract() throws -> Contract {
        try Contract(protos: descriptors().file, generate: ["library.proto"], parameters: Parameters())
    }

    /// Swift files lie here as text, so that nobody compiles or lays them out.
    private func goldenPath(of file: GeneratedFile) -> String {
        file.path.hasSuffix(".swift") ? file.path + ".txt" : file.path
    }

    @Test func `every file is made, letter by letter, as it was`() throws {
        for file in try Plugin.files(for: Self.contract()) {
            let golden = try String(contentsOf: Self.folder.appending(path: goldenPath(of: file)), encoding: .utf8)
            #expect(file.content == golden, "\(file.path) has changed: run make generate and look at the difference")
        }
    }

    @Test func `no file is missing and none is left over`() throws {
        let made = Set(try Plugin.files(for: Self.contract()).map(goldenPath))
        let found = FileManager.default.enumerator(atPath: Self.folder.path)?.compactMap { $0 as? String } ?? []
        let isGenerated = { (path: String) in
            path.hasPrefix("C/") || [".txt", ".json", ".py", ".ts"].contains { path.hasSuffix($0) }
        }
        let golden = found.filter { isGenerated($0) && !$0.hasSuffix("include") }
        #expect(made == Set(golden))
    }

    @Test func `making it twice makes the same`() throws {
        #expect(try Plugin.files(for: Self.contract()) == Plugin.files(for: Self.contract()))
    }
}
