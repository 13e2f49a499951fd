/// Why a block of fields can't be read, after which nothing of the connection can.
enum HPACKFault: Error, Equatable {
    case malformed
    /// The fields are more than a list may have.
    case tooLarge
}
