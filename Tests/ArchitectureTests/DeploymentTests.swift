import Foundation
import Testing

/// What the files of deploy/ say of the hospital is what its sources say.
@Suite struct DeploymentTests {
    private static let services = ["patient", "doctor", "appointment", "billing", "prescription", "payment", "notification"]

    /// Whom a service calls, who hears of its events, and who keeps the head of its audit: the next in the order of the settings.
    private static func reached(by service: String) throws -> Set<String> {
        let room = "Sources/\(service.capitalized)Service"
        let peers = try text("\(room)/Peers.swift").matches(of: /channel\(to: "([a-z]+)"\)/).map { String($0.1) }
        let hearers = try text("\(room)/\(service.capitalized)Service.swift").matches(of: /subscriber: "([a-z]+)"/).map { String($0.1) }
        return Set(peers + hearers + [try keeper(of: service)])
    }

    private static func keeper(of service: String) throws -> String {
        let settings = try text("Sources/ServiceKit/Configuration/Settings.swift")
        let list = try #require(settings.firstMatch(of: /let services = \[([a-z", ]+)\]/)).1
        let order = list.matches(of: /"([a-z]+)"/).map { String($0.1) }
        let place = try #require(order.firstIndex(of: service))
        return order[(place + 1) % order.count]
    }

    @Test(arguments: services)
    func `a service is let through to those whom it calls or tells, and to nobody else`(service: String) throws {
        #expect(try Self.policy(of: service).egress == Self.reached(by: service))
    }

    @Test(arguments: services)
    func `a service is reached by those who call or tell it and by the shim, and by nobody else`(service: String) throws {
        let callers = try Self.services.filter { try Self.reached(by: $0).contains(service) }
        #expect(try Self.policy(of: service).ingress == Set(callers + ["rest"]))
    }

    @Test func `the shim reaches every service, and none reaches it`() throws {
        let rest = try Self.policy(of: "rest")
        #expect(rest.egress == Set(Self.services) && rest.ingress.isEmpty)
    }

    /// The parts in whose sources something is put into the cache that replicas share.
    private static func sharing() throws -> Set<String> {
        let parts = services.map { ("Sources/\($0.capitalized)Service/", $0) } + [("Sources/RESTShim/", "rest")]
        let files = SourceTree.ofThisPackage.files(in: "Sources").filter { file in
            file.code.contains { $0.contains("shareAvailability()") || $0.contains(" SharedCache(") }
        }
        return Set(parts.filter { part in files.contains { $0.path.hasPrefix(part.0) } }.map(\.1))
    }

    @Test func `whoever shares something reaches the cache in a cluster, nobody else, and it reaches nobody`() throws {
        let (sharing, policies) = (try Self.sharing(), try Self.text("deploy/kubernetes/components/cache/cache.yaml"))
        #expect(sharing.count > 1)
        let selected = policies.matches(of: /operator: In, values: \[([a-z, ]+)\]/).map {
            Set($0.1.split(separator: ", ").map(String.init))
        }
        #expect(selected == [sharing, sharing])
        let text = try Self.text("deploy/kubernetes/components/cache/kustomization.yaml")
        #expect(Set(try #require(text.firstMatch(of: /name: ([a-z|]+)\}/)).1.split(separator: "|").map(String.init)) == sharing)
        let database = try Self.text("deploy/kubernetes/overlays/postgres/network.yaml")
        #expect(database.contains("operator: NotIn, values: [cache, rest]"))
        // Egress is judged, and nothing of it is let through.
        #expect(policies.contains(/name: cache\}\}\n  policyTypes: \[Ingress, Egress\]\n  ingress:\n.*\n.*\n---/))
    }

    @Test func `whoever shares something is in the network of the cache in Compose, and its user may do there what he may in a cluster`()
        throws
    {
        let compose = try Self.text("deploy/compose/compose.postgres.yaml")
        let networks = compose.matches(of: /(?m)^  ([a-z]+): .*networks: \[default, sharing\]/).map { String($0.1) }
        #expect(Set(networks) == (try Self.sharing()))
        #expect(compose.contains(#"resetpass, --user, hms, "on", ">${HMS_CACHE_PASSWORD}", "~hms:*", +@all, -@admin, -@dangerous,"#))
        #expect(try Self.text("deploy/kubernetes/secrets").contains(#"resetpass\nuser hms on #%s ~hms:* +@all -@admin -@dangerous\n"#))
        #expect(try Self.text("Sources/SharedCache/CacheKey.swift").contains(#"text = "hms:"#))
    }

    @Test(arguments: [("HMS_RPC_LISTEN", "rpc"), ("HMS_METRICS_LISTEN", "metrics")])
    func `a pod opens the ports on which it listens`(setting: String, name: String) throws {
        let port = try #require(try Self.kubernetesSettings()[setting]?.split(separator: ":").last)
        #expect(try Self.text("deploy/kubernetes/base/pod.yaml").contains("{name: \(name), containerPort: \(port)}"))
    }

    @Test func `every service is found under its name, at the port on which it listens`() throws {
        let settings = try Self.kubernetesSettings()
        let port = try #require(settings["HMS_RPC_LISTEN"]?.split(separator: ":").last)
        for service in Self.services { #expect(settings["HMS_PEER_\(service.uppercased())"] == "\(service):\(port)") }
    }

    @Test(arguments: ["deploy/kubernetes/base/settings.env", "deploy/compose/compose.yaml", "deploy/compose/compose.postgres.yaml"])
    func `what is set is a setting`(path: String) throws {
        let readme = try Self.text("README.md")
        let names = Set(try Self.text(path).matches(of: /(?m)^ *(HMS_[A-Z_]+)[:=]/).map { String($0.1) })
        #expect(!names.isEmpty)
        for name in names { #expect(readme.contains("| `\(name)` |"), "\(name) in \(path)") }
    }

    private static func policy(of part: String) throws -> (ingress: Set<String>, egress: Set<String>) {
        let text = try text("deploy/kubernetes/base/\(part)/part.yaml")
        func names(_ direction: String, _ peers: String) throws -> Set<String> {
            let found = text.matches(of: try Regex("\(direction):\\n    - \(peers): \\[\\{podSelector.*?values: \\[([a-z, ]+)\\]"))
            return Set(found.flatMap { $0.output[1].substring?.split(separator: ", ").map(String.init) ?? [] })
        }
        return (try names("ingress", "from"), try names("egress", "to"))
    }

    private static func kubernetesSettings() throws -> [String: String] {
        let lines = try text("deploy/kubernetes/base/settings.env").split(separator: "\n").filter { !$0.hasPrefix("#") }
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let parts = line.split(separator: "=", maxSplits: 1)
                return (String(parts[0]), String(parts[1]))
            })
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: SourceTree.rootOfThisPackage.appending(path: path), encoding: .utf8)
    }
}
