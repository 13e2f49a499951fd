extension LocalDate {
    /// The day that a field of a request holds.
    ///
    /// - Throws: `INVALID_ARGUMENT` on the field where it holds none.
    public init(_ text: String, field: String) throws(Rejection) {
        guard let day = LocalDate(text) else { throw Rejection(invalid: [.init(field: field, sentence: "must be a date, YYYY-MM-DD")]) }
        self = day
    }
}
