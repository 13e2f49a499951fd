/// All keys that verify tokens now, those of the hospital's people and services and an identity provider's; and whose tokens are revoked.
struct Keyring: Sendable {
    private(set) var people: KeySetFile
    private(set) var services: KeySetFile
    private var provided: VerificationKeys
    private(set) var all: VerificationKeys
    private(set) var revoked: RevocationFile
    /// Rises whenever other keys hold.
    private(set) var generation = 0

    init(people: KeySetFile, services: KeySetFile, provided: VerificationKeys, revoked: RevocationFile) {
        self.people = people
        self.services = services
        self.provided = provided
        self.revoked = revoked
        all = people.keys.adding(services.keys).adding(provided)
    }

    mutating func replace(_ file: KeySetFile) {
        switch file.content {
        case .people: people = file
        case .services: services = file
        }
        gather()
    }

    mutating func replaceProvided(by keys: VerificationKeys) {
        provided = keys
        gather()
    }

    mutating func replaceRevoked(by file: RevocationFile) {
        revoked = file
        generation += 1
    }

    /// None of a provider's keys can take the place of one of the hospital's.
    private mutating func gather() {
        all = people.keys.adding(services.keys).adding(provided)
        generation += 1
    }
}
