import NIOHTTP1
import SignIn

/// Why somebody isn't let in.
extension Problem {
    /// Of one who is let in it says nothing that he is shown.
    init(_ outcome: SignInOutcome) {
        self =
            switch outcome {
            case .refused: .signInFailed
            case .codeWanted: .codeWanted
            case .secondFactorMissing: .secondFactorMissing
            case .secondFactorNeeded: .secondFactorNeeded
            case .secondFactorUnopened: .secondFactorUnopened
            case .passwordChangeRequired: .passwordChangeRequired
            case .badPassword(let sentence): .badPassword(sentence)
            case .wait(let wait): .tooManyPasswords(wait)
            case .crowded: .overloaded
            case .unavailable: .sessionsUnknown
            case .unwritable: .usersUnwritable
            case .person: .internal
            }
    }

    static let crossSite = Problem(
        .forbidden, "CROSS_SITE_REQUEST",
        "A session's cookie vouches for changes only where the browser says that a page of this server asks for them.")

    /// The cache that sessions are in doesn't answer.
    static let sessionsUnknown: Problem = {
        var problem = Problem(.serviceUnavailable, "UNAVAILABLE", "Who is signed in can't be told now. Bearer tokens are accepted.")
        problem.retryAfter = .seconds(1)
        return problem
    }()

    /// This process has no key to sign with.
    static let noSessions: Problem = {
        var problem = Problem(.serviceUnavailable, "UNAVAILABLE", "Nobody can sign in here now. Bearer tokens are accepted.")
        problem.retryAfter = .seconds(60)
        return problem
    }()

    static let signInFailed = unauthorized("SIGN_IN_FAILED", "The name or the password is wrong.")

    static let codeWanted = unauthorized("SECOND_FACTOR_REQUIRED", "The code of your app is needed as well, or one of those on paper.")

    static let secondFactorMissing = Problem(
        .forbidden, "SECOND_FACTOR_MISSING",
        "You need a second factor, and have none. Your administrator gives you one: hms user totp NAME.")

    static let passwordChangeRequired = Problem(
        .forbidden, "PASSWORD_CHANGE_REQUIRED", "This password was made for you. Choose your own: POST /session/password.")

    static let secondFactorNeeded = Problem(
        .conflict, "SECOND_FACTOR_NEEDED", "Whoever has your role needs a second factor. You can set it up on another telephone.")

    /// The key is missing that opens the secret of his app, or another has been put in its place.
    static let secondFactorUnopened: Problem = {
        var problem = Problem(
            .serviceUnavailable, "SECOND_FACTOR_UNAVAILABLE",
            "Codes of your app can't be checked now. One of those on paper is taken; tell your administrator.")
        problem.retryAfter = .seconds(60)
        return problem
    }()

    static func badPassword(_ sentence: String) -> Problem {
        Problem(.unprocessableEntity, "BAD_PASSWORD", sentence)
    }

    static func tooManyPasswords(_ wait: Duration) -> Problem {
        var problem = Problem(.tooManyRequests, "RATE_LIMITED", "Too many wrong passwords. Try again later.")
        problem.retryAfter = wait
        return problem
    }

    /// The file of users is there to be read only.
    static let usersUnwritable: Problem = {
        var problem = Problem(.serviceUnavailable, "UNAVAILABLE", "The users can't be changed here now. Tell your administrator.")
        problem.retryAfter = .seconds(60)
        return problem
    }()

    private static func unauthorized(_ code: String, _ detail: String) -> Problem {
        var problem = Problem(.unauthorized, code, detail)
        problem.challenge = #"Bearer realm="hms""#
        return problem
    }
}
