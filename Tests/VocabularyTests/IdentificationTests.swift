import Testing
import Vocabulary

/// Who is meant by somebody whose source's id is new, or who has none.
struct IdentificationTests {
    private typealias Answer = Identification

    /// A namesake in a table: `+` before his number: the source knows him by another id; contacts behind it.
    struct Case: CustomTestStringConvertible, Sendable {
        let arrival: String
        let here: [String]
        let answer: String
        let why: String

        init(_ arrival: String, _ here: [String], _ answer: String, _ why: String) {
            self.arrival = arrival
            self.here = here
            self.answer = answer
            self.why = why
        }

        var testDescription: String { why }
    }

    private static let table = [
        Case("id", [], "new", "nobody of the name"),
        Case("", [], "new", "nobody of the name, and no id"),
        // A namesake whom the source does not know.
        Case("id a@x", ["a@x"], "1", "the same address"),
        Case("id 11", ["11"], "1", "the same number"),
        Case("id a@x 11", ["a@x"], "1", "the same address, and a number that is news"),
        Case("id a@x", ["a@x 11"], "1", "the same address, and a number that the row does not know"),
        Case("id a@x 11", ["a@x 22"], "new beside 1", "the same address, another number"),
        Case("id a@x", ["b@x"], "new beside 1", "another address"),
        Case("id 11", ["22"], "new beside 1", "another number"),
        Case("id", [""], "1?", "nothing to tell by"),
        Case("id", ["a@x"], "1?", "the row says no contact"),
        Case("id a@x", [""], "1?", "the record says no contact"),
        Case("id a@x", ["11"], "1?", "one says an address, the other a number"),
        Case("id any a@x", ["11"], "new beside 1", "nothing to tell by, and another person is meant"),
        Case("id any a@x", ["a@x"], "1", "another person may be meant, but it is the same one"),
        // One whom the source knows by another id.
        Case("id a@x", ["+ a@x"], "1?", "another id, the same address"),
        Case("id", ["+"], "1?", "another id, nothing to tell by"),
        Case("id any a@x", ["+ a@x"], "new beside 1", "another id, the same address, and another person is meant"),
        Case("id a@x", ["+ b@x"], "new beside 1", "another id, another address"),
        Case("id 11 a@x", ["+ 22 a@x"], "new beside 1", "another id, another number"),
        // Several.
        Case("id a@x", ["a@x", "b@x"], "1", "the address of one of two"),
        Case("id a@x", ["b@x", "a@x"], "2", "the address of the other"),
        Case("id a@x", ["a@x", ""], "1", "the address of one, and one who says nothing"),
        Case("id a@x", ["a@x", "a@x 11"], "1? 2?", "the address of both"),
        Case("id a@x", ["a@x", "+ a@x"], "1? 2?", "the address of both, one of whom the source knows"),
        Case("id a@x", ["+ b@x", "a@x"], "2", "the address of one, and another person of the source"),
        Case("id a@x", ["b@x", "c@x"], "new beside 1 2", "neither's address"),
        Case("id a@x", ["b@x", "11"], "2?", "one who is another person, and one of whom it can't be told"),
        // Without an id.
        Case("a@x", ["a@x"], "1", "no id, the same address"),
        Case("", [""], "1", "no id, just what the record says"),
        Case("", ["", ""], "1", "no id, just what two records say: the older"),
        Case("a@x", ["a@x 11", "a@x"], "2", "no id, the address of both, and just what one says"),
        Case("a@x", ["a@x 11", "a@x 22"], "1? 2?", "no id, the address of both, and more in both"),
        Case("more", [""], "1?", "no id, and more than the record says"),
        Case("more a@x", ["a@x"], "1", "no id, more than the record says, but the same address"),
        Case("", ["a@x"], "1?", "no id, and the record says more"),
        Case("a@x", [""], "1?", "no id, and the record says less"),
        Case("a@x", ["b@x"], "new beside 1", "no id, another address"),
        Case("any", [""], "1", "no id, just what the record says, although another person may be meant"),
        Case("any more", [""], "new beside 1", "no id, more than the record says, and another person is meant"),
    ]

    @Test(arguments: table)
    func `who is meant is told by contacts, and asked where these do not tell`(row: Case) {
        let saysMore = row.arrival.contains("more")
        let arrival = Arrival(
            contacts: contacts(row.arrival), hasSourceID: row.arrival.contains("id"), allowsDuplicate: row.arrival.contains("any"))
        let namesakes = row.here.enumerated().map { index, text in
            Namesake(
                id: "\(index + 1)", contacts: contacts(text), hasOtherSourceID: text.hasPrefix("+"),
                hasAllThatIsSaid: !saysMore)
        }
        #expect(describe(Answer(of: arrival, among: namesakes)) == row.answer)
    }

    @Test(
        arguments: [
            ("a@x", ["me a@x"], "me"), ("a@x", ["b@x"], "me beside 1"), ("a@x", ["a@x"], "1?"), ("a@x", [""], "1?"),
            ("any a@x", ["a@x"], "me beside 1"), ("", ["me", ""], "2?"), ("a@x", ["me a@x", "b@x"], "me beside 2"),
        ])
    func `whoever becomes a namesake of others by an import is held to the same`(text: String, here: [String], answer: String) {
        let arrival = Arrival(contacts: contacts(text), hasSourceID: true, allowsDuplicate: text.contains("any"))
        let namesakes = here.enumerated().map { index, text in
            Namesake(
                id: text.hasPrefix("me") ? "me" : "\(index + 1)", contacts: contacts(text), hasOtherSourceID: false,
                hasAllThatIsSaid: true)
        }
        #expect(describe(Answer(of: "me", changedTo: arrival, among: namesakes)) == answer)
    }

    private func contacts(_ text: String) -> Contacts {
        let words = text.split(separator: " ").map(String.init)
        return Contacts(
            email: words.first { $0.contains("@") }, phone: words.first { Int($0) != nil && !$0.hasPrefix("+") }, in: .india)
    }

    private func describe(_ answer: Answer) -> String {
        switch answer {
        case .newcomer(let namesakes): described("new", namesakes)
        case .present(let id, let namesakes): described(id, namesakes)
        case .undecided(let candidates): candidates.map { "\($0)?" }.joined(separator: " ")
        case .sourceIDTaken(let owner): "taken by \(owner)"
        }
    }

    private func described(_ who: String, _ others: [String]) -> String {
        others.isEmpty ? who : "\(who) beside " + others.joined(separator: " ")
    }
}
