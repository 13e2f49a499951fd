public import Vocabulary

/// What a date of birth may be: a real date, not before 1900, and not in the future.
///
/// - Parameter today: the clinic's day; somebody born today can be registered.
public func violation(ofDateOfBirth dob: LocalDate, on today: LocalDate, field: String) -> Rejection.Violation? {
    if dob.year < 1900 { return .init(field: field, sentence: "must not be before 1900-01-01") }
    if dob > today { return .init(field: field, sentence: "must not be in the future") }
    return nil
}
