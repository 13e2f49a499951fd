import Contracts
import RPC
import Synchronization

/// Patients with made-up names, and the calls that are timed.
final class SearchContest: Sendable {
    private let patients: PatientServiceClient
    private let names = MadeUpNames(seed: 7)
    private let ids = Mutex<[String]>([])
    private let next = Atomic(0)

    init(patients: PatientServiceClient) {
        self.patients = patients
    }

    var count: Int { ids.withLock { $0.count } }

    func grow(to size: Int, clients: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<clients { group.addTask { try await self.register(below: size) } }
            try await group.waitForAll()
        }
    }

    private func register(below size: Int) async throws {
        while true {
            let index = next.load(ordering: .relaxed)
            guard index < size else { return }
            guard next.compareExchange(expected: index, desired: index + 1, ordering: .relaxed).exchanged else { continue }
            let request = CreatePatientRequest(
                name: names.name(index), email: "patient.\(index)@example.org", phone: "+91 \(9_000_000_000 + index)",
                dob: names.dob(index), allowDuplicate: true)
            let patientID = try await patients.createPatient(request).patient?.patientID ?? ""
            ids.withLock { $0.append(patientID) }
        }
    }

    func measurements(calls: Int) async throws -> [String] {
        let ids = ids.withLock { $0 }
        var lines = [
            try await time("by id", calls * 5) { index in
                _ = try await self.patients.getPatient(GetPatientRequest(patientID: ids[index &* 7_919 % ids.count]))
                return 1
            },
            try await time("newest 50", calls) { _ in try await self.found(ListPatientsRequest()) },
        ]
        for length in [1, 2, 3, 4, 5, 6, 8, 12] {
            lines.append(
                try await time("part of \(length)", calls) { index in
                    try await self.found(ListPatientsRequest(query: self.names.part(of: index &* 104_729 % ids.count, length: length)))
                })
        }
        lines.append(
            try await time("whole name", calls) { index in
                try await self.found(ListPatientsRequest(query: self.names.name(index &* 104_729 % ids.count)))
            })
        lines.append(try await time("in no name", calls) { index in try await self.found(ListPatientsRequest(query: "xq\(index)zy")) })
        lines.append(
            try await time("part of 3, inactive", calls) { index in
                try await self.found(ListPatientsRequest(query: self.names.part(of: index, length: 3), status: .inactive))
            })
        return lines
    }

    private func found(_ request: ListPatientsRequest) async throws -> Int {
        try await patients.listPatients(request).patients.count
    }

    private func time(_ what: String, _ calls: Int, _ call: (Int) async throws -> Int) async throws -> String {
        var microseconds: [Double] = []
        var rows = 0
        for index in 0..<calls {
            let duration = try await ContinuousClock().measure { rows += try await call(index) }
            microseconds.append(duration / .microseconds(1))
        }
        microseconds.sort()
        func at(_ share: Double) -> Int { Int(microseconds[Int(Double(calls - 1) * share)]) }
        return "\(what): p50 \(at(0.5)) µs, p90 \(at(0.9)), p99 \(at(0.99)), max \(at(1)); \(rows / calls) rows a call"
    }
}
