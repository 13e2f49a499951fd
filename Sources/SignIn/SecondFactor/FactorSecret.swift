import Foundation
import ServiceKit

/// The secret of a second factor as the file of users holds it.
enum FactorSecret: Hashable, Sendable {
    case plain(Data)
    /// Closed by a key that is not in that file, for the user whose it is.
    case sealed(String)

    /// Whether it can be one of ours.
    var isReasonable: Bool {
        switch self {
        case .plain(let secret): (16...64).contains(secret.count)
        case .sealed(let text): (1...512).contains(text.utf8.count)
        }
    }
}

/// The secret of a second factor can't be opened: the key is not there that has closed it, or it was changed, or it is another user's.
struct FactorUnopened: Error, CustomStringConvertible {
    let description: String
}

/// Opens and closes the secrets of second factors.
struct FactorSecrets: Sendable {
    /// Nil: there is no key, so what is closed stays closed.
    let seal: SecretSeal?

    /// - Throws: ``FactorUnopened``.
    func open(_ secret: FactorSecret, of name: String) throws -> Data {
        switch secret {
        case .plain(let secret): return secret
        case .sealed(let sealed):
            guard let seal else { throw FactorUnopened(description: "a secret is sealed, and there is no key to open it with") }
            do {
                return Data(try seal.open(sealed, of: Self.place(of: name)))
            } catch {
                throw FactorUnopened(description: "\(error)")
            }
        }
    }

    /// The same secret as it is to be kept: closed by the key that closes now. One for which there is no key, or that doesn't open, stays as it
    /// is; ``UserDirectory`` says so in the log.
    func closed(_ secret: FactorSecret, of name: String) -> FactorSecret {
        if case .sealed(let sealed) = secret, (try? seal?.isCurrent(sealed)) ?? true { return secret }
        guard let plain = try? open(secret, of: name), let sealed = try? seal?.close(plain, for: Self.place(of: name)) else {
            return secret
        }
        return .sealed(sealed)
    }

    /// Why something is not kept as it should be; nil where all is.
    ///
    /// - Parameter isSealing: whether secrets are to be closed by now.
    func trouble(with users: some Sequence<UserAccount>, isSealing: Bool) -> FactorTrouble? {
        var trouble = FactorTrouble()
        for user in users {
            switch user.secondFactor?.secret {
            case nil: continue
            case .plain: trouble.inTheOpen += isSealing && !hasKey ? 1 : 0
            case .sealed(let sealed):
                do {
                    _ = try open(.sealed(sealed), of: user.name)
                } catch {
                    trouble.unopened += 1
                    trouble.reason = "\(error)"
                }
            }
        }
        return trouble == FactorTrouble() ? nil : trouble
    }

    private var hasKey: Bool { (try? seal?.hasKey()) ?? false }

    private static func place(of name: String) -> String { "second factor of \(name)" }
}

/// How many secrets are not kept as they should be.
struct FactorTrouble: Hashable {
    /// Nobody can check a code against these.
    var unopened = 0
    /// There is no key to close these with.
    var inTheOpen = 0
    /// Why the last one could not be opened.
    var reason = ""
}
