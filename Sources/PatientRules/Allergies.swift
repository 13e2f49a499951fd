public import Vocabulary

/// A record holds so many allergies.
public let allergyLimit = 100

/// What a record says when more is known: it adds what was not there, in any case and spacing, and never takes one away.
public func allergies(_ recorded: [String], with more: [String]) -> [String] {
    var seen = Set(recorded.map { FoldedText($0) })
    return recorded + more.filter { seen.insert(FoldedText($0)).inserted }
}

/// Whether a record with these allergies has too many to be one.
///
/// - Parameter field: in which the request says them.
public func rejection(ofAllergies allergies: [String], field: String) -> Rejection? {
    guard allergies.count > allergyLimit else { return nil }
    return Rejection(invalid: [
        .init(field: field, sentence: "would be the patient's allergy number \(allergies.count); \(allergyLimit) can be recorded")
    ])
}
