extension FieldModel {
    /// Whether the text of a parameter can be the field's value, or one of them.
    var isTextReadable: Bool {
        if case .map = shape { return false }
        guard case .message(let reference) = type else { return true }
        return SpecialJSON.isTextReadable(reference.fullName)
    }

    /// Whether parameters reach the field's own fields: `patient.name`.
    var holdsTextFields: Bool {
        shape == .optional && checkedMessage.map { !SpecialJSON.isSpecial($0) } ?? false
    }
}
