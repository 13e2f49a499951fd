import Foundation
import Testing

/// What the clients in other languages say of the rules is what the server says.
@Suite struct ClientTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: SourceTree.rootOfThisPackage.appending(path: path), encoding: .utf8)
    }

    @Test(arguments: ["Generated/Python/hms_client/errors.py", "Generated/TypeScript/src/errors.ts"])
    func `every rejection of the rules has a class in a client`(path: String) throws {
        let rejections = try Self.text("Sources/Vocabulary/RejectionCode.swift").matches(of: /case \w+ = "([A-Z_]+)"/).map { String($0.1) }
        #expect(rejections.count > 40)
        let classes = Set(try Self.text(path).matches(of: /"([A-Z_]+)": [A-Za-z]+,|\["([A-Z_]+)", [A-Za-z]+\]/).compactMap { $0.1 ?? $0.2 })
        for code in rejections {
            #expect(classes.contains(Substring(code)), "\(path) has no class for \(code): no operation of the contract names it")
        }
    }
}
