extension FoldedText {
    /// The text of a list's filter.
    ///
    /// - Throws: `INVALID_ARGUMENT` on the field where nothing is left of the text: such a filter would let everything pass.
    public init(filter field: String, _ text: String) throws(Rejection) {
        self.init(text)
        guard !isEmpty else { throw Rejection(invalid: [.init(field: field, sentence: "must not be blank")]) }
    }
}
