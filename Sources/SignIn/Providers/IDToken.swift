import Foundation
import ServiceKit

/// What a provider says of who has signed in there (OpenID Connect Core 1.0, 2), once its signature is known to be the provider's.
struct IDToken {
    private let claims: [String: Any]

    init(payload: [UInt8]) throws(ProviderRefusal) {
        guard let claims = (try? JSONSerialization.jsonObject(with: Data(payload))) as? [String: Any] else {
            throw .untrusted("the ID token holds no claims")
        }
        self.claims = claims
    }

    /// OpenID Connect Core, 3.1.3.7.
    ///
    /// - Parameter now: in seconds since 1970.
    func check(_ configuration: ProviderConfiguration, nonce: String, at now: Double) throws(ProviderRefusal) {
        guard claims["iss"] as? String == configuration.issuer else { throw .untrusted("the ID token is another issuer's") }
        let audience = texts("aud")
        guard audience.contains(configuration.clientID) else { throw .untrusted("the ID token is for somebody else") }
        let party = claims["azp"] as? String
        guard party == nil ? audience.count == 1 : party == configuration.clientID else {
            throw .untrusted("the ID token was given to somebody else")
        }
        guard let end = number("exp"), now < end + Self.leeway else { throw .untrusted("the ID token has expired") }
        guard let start = number("iat"), start <= now + Self.leeway else { throw .untrusted("the ID token is from the future") }
        if let start = number("nbf"), start > now + Self.leeway { throw .untrusted("the ID token isn't valid yet") }
        guard claims["nonce"] as? String == nonce else { throw .untrusted("the ID token answers another sign-in") }
    }

    /// Two clocks may differ by so many seconds.
    private static let leeway = 30.0

    /// Who that is here.
    func person(_ configuration: ProviderConfiguration) throws(ProviderRefusal) -> SignedInPerson {
        let words = texts(configuration.roleClaim)
        guard let role = configuration.roles.first(where: { words.contains($0.word) })?.role else { throw .noRole }
        let claim = role == .doctor ? configuration.doctorClaim : "sub"
        guard let subject = texts(claim).first, (1...255).contains(subject.utf8.count), !subject.utf8.contains(0) else {
            throw .untrusted("the ID token has no \(claim)")
        }
        let name = claims["preferred_username"] as? String ?? claims["name"] as? String ?? subject
        return SignedInPerson(subject: subject, role: role, name: String(name.prefix(100)), source: .provider)
    }

    private func number(_ name: String) -> Double? {
        guard let number = claims[name] as? NSNumber, number.doubleValue.isFinite else { return nil }
        return number.doubleValue
    }

    /// A claim that is a text or a list of them; none where it is neither. A name with dots is looked for as it is, and then as a path.
    private func texts(_ name: String) -> [String] {
        var value: Any? = claims[name]
        if value == nil, name.contains(".") {
            value = name.split(separator: ".").reduce(claims as Any?) { ($0 as? [String: Any])?[String($1)] }
        }
        if let text = value as? String { return [text] }
        return value as? [String] ?? []
    }
}
