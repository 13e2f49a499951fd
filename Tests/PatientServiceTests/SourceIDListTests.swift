import Contracts
import HMSTestKit
import RPC
import Testing

@Suite(.timeLimit(.minutes(10))) struct SourceIDListTests {
    @Test(
        arguments: [
            (ListPatientsRequest(source: "old", sourceID: "7"), ["Asha Rao"]), (ListPatientsRequest(source: "old", sourceID: "8"), []),
            (ListPatientsRequest(source: "OLD", sourceID: "7"), []), (ListPatientsRequest(source: "new", sourceID: "7"), ["Bela"]),
            (ListPatientsRequest(query: "asha", source: "old", sourceID: "7"), ["Asha Rao"]),
            (ListPatientsRequest(query: "bela", source: "old", sourceID: "7"), []),
            (ListPatientsRequest(email: "asha@example.org", status: .active, source: "old", sourceID: "7"), ["Asha Rao"]),
            (ListPatientsRequest(status: .inactive, source: "old", sourceID: "7"), []),
        ] as [(ListPatientsRequest, [String])])
    func `a list finds whom a source's id means, in the words of the source`(request: ListPatientsRequest, names: [String]) async throws {
        try await withPatients { hospital in
            _ = try await hospital.take(asha())
            _ = try await hospital.take(asha(source: "new") { $0.name = "Bela" })
            #expect(try await hospital.patients.listPatients(request).patients.map(\.name) == names)
        }
    }

    @Test func `a deleted patient is found by his source's id`() async throws {
        try await withPatients { hospital in
            let id = try await hospital.takeNew(asha())
            try await hospital.delete(try await hospital.read(id))
            #expect(try await hospital.known("old", "7") == [id])
        }
    }

    @Test(arguments: [ListPatientsRequest(source: "old"), ListPatientsRequest(sourceID: "7")])
    func `a list is asked for a source and its id, or for neither`(request: ListPatientsRequest) async throws {
        try await withPatients { hospital in
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await hospital.patients.listPatients(request) }
        }
    }

    @Test func `a page token is good for the source's id that it was made for`() async throws {
        try await withPatients { hospital in
            for index in 0..<2 { _ = try await hospital.register("Patient \(index)", dob: "1980-02-29") }
            let token = try await hospital.patients.listPatients(ListPatientsRequest(pageSize: 1)).nextPageToken
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") {
                let other = ListPatientsRequest(pageToken: token, source: "old", sourceID: "7")
                _ = try await hospital.patients.listPatients(other)
            }
        }
    }
}
