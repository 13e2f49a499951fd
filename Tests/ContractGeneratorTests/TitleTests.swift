import Testing

@testable import ContractGenerator

/// What a method is called where many stand in a list.
struct TitleTests {
    @Test(arguments: [
        (["Reads one book."], "Reads one book"), (["Reads one book. It may be", "lent."], "Reads one book"),
        (["Lists the books, the", "newest first.", "", "A page may be short. Others follow."], "Lists the books, the newest first"),
        (["Reads one book"], "Reads one book"), ([], ""),
    ])
    func `it is the first sentence`(comment: [String], title: String) {
        #expect(comment.title == title)
    }

    @Test(arguments: [
        (
            "Takes back the last step of a loan, where it was a return of the same day by the clock of the library: it is lent again.",
            "Takes back the last step of a loan"
        ),
        (
            "Has a program told of what happens here: every event is posted to its URL, as JSON, and signed with the secret of both.",
            "Has a program told of what happens here"
        ),
        (
            "Sums what was lent and what came back by day, genre or shelf, each on the day on which it happened, whoever has asked for it.",
            "Sums what was lent and what came back by day, genre or shelf"
        ),
    ])
    func `of a long one it is as much as says something by itself, and the summary is all of it`(sentence: String, title: String) {
        #expect([sentence].title == title)
        #expect([sentence].summary == sentence.dropLast())
    }

    @Test func `a long one without a pause stays as it is`() {
        let sentence = String(repeating: "word ", count: 30)
        #expect([sentence].title == sentence)
    }
}
