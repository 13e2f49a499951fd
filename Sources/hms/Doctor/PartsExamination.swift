import AsyncHTTPClient
import Contracts
import Foundation
import HospitalClient
import RPC
import ServiceKit
import Supervision

/// The parts of a hospital that runs on this machine.
struct PartsExamination {
    private static let patience: Duration = .seconds(5)
    private static let skew: Duration = .seconds(1)

    private let configuration: HospitalConfiguration
    private let hospital: HospitalAddresses?
    private let data: DataOption

    init(_ configuration: HospitalConfiguration, _ hospital: HospitalAddresses?, _ data: DataOption) {
        self.configuration = configuration
        self.hospital = hospital
        self.data = data
    }

    func findings() async -> [DoctorFinding] {
        guard let hospital else { return [.fine("hospital", "none runs on \(configuration.dataFolder)", keep: "hms up starts it")] }
        var findings = [await shim(at: hospital.url)]
        for service in HospitalServices.names { findings.append(await part(service, hospital)) }
        return findings
    }

    private func part(_ service: String, _ hospital: HospitalAddresses) async -> DoctorFinding {
        guard let address = hospital.services[service].flatMap({ NetworkAddress($0) }) else {
            return .wrong(service, "does not run", do: "look into the log; hms up starts all parts")
        }
        do {
            let options = CallOptions(timeout: Self.patience, retry: false)
            return try await RPCClient.withClient(to: address, tls: try data.credentials()?.asClient(of: service)) { client in
                let health = HealthServiceClient(client)
                // The first call makes the connection, whose time tells nothing of clocks.
                _ = try await health.check(CheckRequest(), options)
                let start = SystemTime.millisecondsSinceEpoch()
                let answer = try await health.check(CheckRequest(), options)
                let end = SystemTime.millisecondsSinceEpoch()
                return judge(service, answer, between: start, and: end)
            }
        } catch {
            return .wrong(service, "does not answer: \(error)", do: "look into the log for its name; hms up starts it again where it died")
        }
    }

    private func judge(_ service: String, _ answer: CheckResponse, between start: Int64, and end: Int64) -> DoctorFinding {
        switch answer.status {
        case .storageFull:
            return .wrong(service, "can store nothing: its disk is full", do: "make room; it goes on by itself then")
        case .storageDamaged:
            return .wrong(service, "its database is damaged", do: "stop the hospital and restore a backup by hms restore")
        case .serving: break
        default:
            return .wrong(
                service, "answers, but takes no calls: \(answer.status)", do: "wait while it starts or stops, then look into the log")
        }
        if !answer.version.isEmpty, answer.version != Contracts.version {
            return .warning(
                service, "has version \(answer.version), and this command \(Contracts.version)", do: "run the same version everywhere")
        }
        // What the way there and back took can't be told from a difference of clocks.
        let there = answer.timeMs
        let skew = there == 0 ? 0 : max(start - there, there - end, 0)
        if Duration.milliseconds(skew) > Self.skew {
            return .wrong(service, "its clock differs from this one by \(skew) ms", do: "run chrony or systemd-timesyncd on both machines")
        }
        return .fine(service, "serves, \(end - start) ms away, version \(answer.version)")
    }

    private func shim(at url: String) async -> DoctorFinding {
        do {
            let url = try HospitalURL(url)
            let reply = try await HTTPClient.withHospitalClient(for: url, connectTimeout: Self.patience) { http in
                try await HospitalClient(url: url, token: nil, http: http).send(APIRequest(.get, "/readyz"), timeout: Self.patience)
            }
            return reply.status == 200
                ? .fine("public door", "\(url) is ready")
                : .wrong("public door", "\(url) answers \(reply.status)", do: "see what the parts below say")
        } catch {
            return .wrong("public door", "\(url) does not answer: \(error)", do: "look into the log for “rest”")
        }
    }
}
