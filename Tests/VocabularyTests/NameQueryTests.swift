import Testing
import Vocabulary

struct NameQueryTests {
    @Test(arguments: [
        ("Shah, Priya", "Priya Mohan Shah", true), ("shah priya", "Priya Mohan Shah", true), ("Priya Shah", "Shah, Priya", true),
        ("pri sha", "Priya Mohan Shah", true), ("mohan", "Priya Mohan Shah", true), ("priya rao", "Priya Mohan Shah", false),
        ("Shah；Priya", "Priya Shah", true), ("shah/priya", "Priya Shah", true), ("شاه، پریا", "پریا شاه", true), ("夏、李", "李 夏", true),
        ("St. John", "Saint John", false), ("J. Smith", "J Smith", true), ("J.Smith", "John Smith", true), ("mary-jane", "Mary Jane", true),
        ("Jane-Mary", "Mary Jane", true), ("maryjane", "Mary Jane", false), ("d'souza", "Rita D’Souza", true),
        ("dsouza", "Rita D’Souza", false),
        ("ya sh", "Priya Shah", true), ("a a a", "Asha", true), ("%", "Priya 100%", true), ("%", "Priya", false), ("_", "Priya", false),
        (",", "Shah, Priya", true), (",", "Priya", false), ("pri\u{200B}ya", "Priya", true),
    ])
    func `a name has every word of the query, in any order`(query: String, name: String, isFound: Bool) throws {
        #expect(try NameQuery(filter: "query", query).matches(FoldedText(name)) == isFound)
    }

    @Test func `a word that is part of another is not looked for by itself, and the longest comes first`() throws {
        #expect(try NameQuery(filter: "query", "an anna rao an ANNA").words.map(\.text) == ["anna", "rao"])
    }

    @Test(arguments: ["", " ", "\u{200B}", " \u{2800} "])
    func `a query of which nothing is left is refused`(text: String) {
        let rejection = #expect(throws: Rejection.self) { try NameQuery(filter: "query", text) }
        #expect(rejection?.violations.map(\.field) == ["query"])
    }

    @Test(arguments: [(15, true), (16, true), (17, false)])
    func `a query has 16 different words at most`(count: Int, isTaken: Bool) {
        let text = (0..<count).map { "w\($0 + 10)" }.joined(separator: " ")
        #expect(((try? NameQuery(filter: "query", text + " w10 w11")) != nil) == isTaken)
    }
}
