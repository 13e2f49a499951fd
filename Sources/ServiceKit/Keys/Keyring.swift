/// All keys that verify tokens now: those of the hospital's people and services, and an identity provider's.
struct Keyring: Sendable {
    private(set) var people: KeySetFile
    private(set) var services: KeySetFile
    private var provided: VerificationKeys
    private(set) var all: VerificationKeys
    /// Rises whenever other keys hold.
    private(set) var generation = 0

    init(people: KeySetFile, services: KeySetFile, provided: VerificationKeys) {
        self.people = people
        self.services = services
        self.provided = provided
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

    /// None of a provider's keys can take the place of one of the hospital's.
    private mutating func gather() {
        all = people.keys.adding(services.keys).adding(provided)
        generation += 1
    }
}
