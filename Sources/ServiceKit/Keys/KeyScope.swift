/// For whom a key may sign tokens. Whoever gets hold of one key can speak for its scope and for nobody else.
enum KeyScope: Hashable, Sendable {
    /// People, in every role that people have. Keys of the hospital's operator and of identity providers.
    case people
    /// One service, in its own name.
    case service(String)

    func covers(subject: String, role: CallerRole) -> Bool {
        switch self {
        case .people: role != .service
        case .service(let name): role == .service && subject == name
        }
    }
}
