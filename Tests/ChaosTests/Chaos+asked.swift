import Foundation

extension Chaos {
    /// As long, with as many clients and kills and from the seed that the environment asks for, as `make chaos` does; a few
    /// seconds where it asks for nothing.
    static func asAsked(by environment: [String: String] = ProcessInfo.processInfo.environment) -> Chaos {
        var chaos = Chaos()
        if let seconds = environment["CHAOS_SECONDS"].flatMap(Int.init) { chaos.duration = .seconds(seconds) }
        if let clients = environment["CHAOS_CLIENTS"].flatMap(Int.init) { chaos.clients = clients }
        if let kills = environment["CHAOS_KILLS"].flatMap(Int.init) { chaos.killsOfEach = kills }
        if let seed = environment["CHAOS_SEED"].flatMap(UInt64.init) { chaos.seed = seed }
        chaos.hasCache = environment["CHAOS_CACHE"] == "1"
        return chaos
    }

    /// How long it may take with its start, its end and what it looks at afterwards.
    var minutesAtMost: Int { 10 + Int(duration / .seconds(30)) }
}
