/// Why a token is not accepted, as a sentence for the caller.
public enum TokenRefusal: String, Error, Hashable, Sendable {
    case missing = "A bearer token is needed."
    case tooLong = "The token is longer than 8 KiB."
    case malformed = "The token is not a signed JSON Web Token."
    case repeatedMember = "The token names something twice."
    case otherKind = "The token is of another kind than those that let somebody in."
    case unsupportedExtension = "The token asks for an extension that is not known here."
    case unknownKey = "The token is signed by a key that is not known here."
    case retiredKey = "The token is signed by a key that is not used any more."
    case wrongAlgorithm = "The token names another algorithm than its key's."
    case badSignature = "The token's signature is not valid."
    case expired = "The token is expired."
    case notYetValid = "The token is not valid yet."
    case wrongIssuer = "The token is from another issuer."
    case wrongAudience = "The token is for another audience."
    case missingSubject = "The token names no subject."
    case unknownRole = "The token names no known role."
    case wrongScope = "The token's key may not sign for its subject in this role."
    case revoked = "The token is revoked."

    /// Whether the same token would be refused in a moment as well, at the price of another look at its signature.
    var isWorthRemembering: Bool {
        switch self {
        case .badSignature, .expired, .wrongIssuer, .wrongAudience, .missingSubject, .unknownRole, .wrongScope, .retiredKey, .revoked: true
        case .missing, .tooLong, .malformed, .repeatedMember, .otherKind, .unsupportedExtension, .unknownKey, .wrongAlgorithm, .notYetValid:
            false
        }
    }
}
