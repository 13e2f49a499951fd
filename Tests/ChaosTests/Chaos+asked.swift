import Foundation

extension Chaos {
    /// As long, with as many clients and kills and from the seed that the environment asks for, as `make chaos` does; a few
    /// seconds where it asks for nothing, and on the database that it names.
    static func asAsked(by environment: [String: String] = ProcessInfo.processInfo.environment) -> Chaos {
        var chaos = Chaos()
        if let seconds = environment["CHAOS_SECONDS"].flatMap(Int.init) { chaos.duration = .seconds(seconds) }
        if let clients = environment["CHAOS_CLIENTS"].flatMap(Int.init) { chaos.clients = clients }
        if let kills = environment["CHAOS_KILLS"].flatMap(Int.init) { chaos.killsOfEach = kills }
        if let seed = environment["CHAOS_SEED"].flatMap(UInt64.init) { chaos.seed = seed }
        chaos.hasCache = environment["CHAOS_CACHE"] == "1"
        chaos.database = environment["CHAOS_DATABASE"].flatMap { $0.isEmpty ? nil : $0 }
        if let replicas = environment["CHAOS_REPLICAS"].flatMap(Int.init) { chaos.replicas = replicas }
        if let command = environment["CHAOS_KILL_SERVER"] { chaos.serverKill = command.split(separator: " ").map(String.init) }
        if let kills = environment["CHAOS_SERVER_KILLS"].flatMap(Int.init) { chaos.serverKills = kills }
        return chaos
    }

    /// How long it may take with its start, its end and what it looks at afterwards.
    var minutesAtMost: Int { 10 + Int(duration / .seconds(30)) }
}
