import HospitalClient
import ServiceKit

/// Why a row is not taken.
struct Refusal: Error, Hashable, Sendable {
    /// With all that it is about: for the file that holds the row.
    let sentence: String
    /// The same for every row that is refused for this reason, without what the rows say: for the summary.
    let kind: String

    init(_ sentence: String, kind: String? = nil) {
        self.sentence = sentence
        self.kind = kind ?? Self.masked(sentence)
    }

    /// Everything between “ and ” and every id is left out: it is of the row, and may tell of a person.
    private static func masked(_ sentence: String) -> String {
        sentence.replacing(#/“[^”]*”/#, with: "“…”")
            .replacing(#/\b([a-z]{2,3})_[0-9a-z]{26}\b/#) { "\($0.output.1)_…" }
    }
}

extension Refusal {
    /// What can't be read. Words for a state or a kind tell of nobody, and each wants an answer of its own.
    init(_ row: UnreadableRow, of kind: ImportKind) {
        let kinds = row.problems.map { problem in
            let sentence = "\(problem.field): \(problem.reason)"
            guard case .choice = kind.fields.first(where: { $0.name == problem.field })?.form else { return Self.masked(sentence) }
            return sentence
        }
        self.init("\(row)", kind: kinds.joined(separator: "; "))
    }

    /// What the hospital answered, and what can be done about it here.
    init(_ reply: APIReply) {
        let reason = reply.reason.hasSuffix(".") ? String(reply.reason.dropLast()) : reply.reason
        self.init(reason + (Self.advice[reply.code ?? ""].map { "; \($0)" } ?? ""))
    }

    private static let advice = [
        "SOURCE_ID_TAKEN": "if the file comes from another system, name that with --source",
        "POSSIBLE_DUPLICATE": "import it with --allow-duplicates if it is another person",
        "PAST_VISIT_NOT_FINAL": "say what became of it with --past-scheduled NO_SHOW or COMPLETED",
    ]
}
