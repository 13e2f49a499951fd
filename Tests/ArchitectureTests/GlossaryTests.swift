import Testing

/// The words of calls and connections, as far as a machine can tell.
@Suite struct GlossaryTests {
    let tree = SourceTree.ofThisPackage

    @Test func `what is said otherwise now is not said in the code of calls and connections`() throws {
        let words = try Glossary.ofThisPackage.retired
        #expect(words.count > 5)
        for file in tree.files(in: "Sources/RPC") + tree.files(in: "Tests/RPCTests") {
            for word in words {
                for line in file.code where line.containsWord(word) { Issue.record("\(file.path) says \(word): \(line)") }
            }
        }
    }

    @Test func `retired words are read from the table that lists them, and from no other`() {
        let text =
            "# Words\n\n## Calls\n| `call` | a call |\n\n## Said otherwise now\n| not | but |\n|---|---|\n| `leave` | drain |\n\n## More\n| `x` | y |\n"
        #expect(Glossary(text: text).retired == ["leave"])
    }
}
