import Contracts
import FieldChecks
import HMSTestKit
import RPC
import SeededRandom
import Testing
import Vocabulary

/// The name index against the plainest search there is.
@Suite(.timeLimit(.minutes(10))) struct NameSearchTests {
    @Test func `a search finds exactly the patients whose name has the words`() async throws {
        try await withPatients { hospital in
            var random = SplitMix64(seed: 20_260_301)
            var model: [Patient] = []
            for round in 0..<4 {
                for _ in 0..<100 {
                    model.append(try await hospital.register(.randomName(&random), dob: "1980-02-29", allowDuplicate: true))
                }
                for _ in 0..<20 { try await hospital.changeSomebody(in: &model, &random) }
                for _ in 0..<60 { try await hospital.expectSameAnswers(as: model, &random, in: round) }
            }
        }
    }
}

extension PatientServiceUnderTest {
    fileprivate func changeSomebody(in model: inout [Patient], _ random: inout SplitMix64) async throws {
        let index = Int.random(in: model.indices, using: &random)
        guard model[index].status == .active else { return }
        if Bool.random(using: &random) {
            model[index] = try await update(model[index], PatientChanges(name: .randomName(&random), allowDuplicate: true))
        } else {
            try await delete(model[index])
            model[index] = try await read(model[index].patientID)
        }
    }

    fileprivate func expectSameAnswers(as model: [Patient], _ random: inout SplitMix64, in round: Int) async throws {
        let query = String.randomPart(of: model[Int.random(in: model.indices, using: &random)].name, &random)
        let status: PatientStatus = [.unspecified, .active, .inactive][Int.random(in: 0..<3, using: &random)]
        guard let asked = try? NameQuery(filter: "query", query) else { return await expectBlankIsRefused(query) }
        let expected = model.reversed().filter { patient in
            asked.matches(FoldedText(patient.name)) && (status == .unspecified || patient.status == status)
        }
        let pageSize = Int32.random(in: 1...40, using: &random)
        let found = try await everyPage(of: ListPatientsRequest(query: query, status: status, pageSize: pageSize))
        #expect(found == expected, "«\(query)» with status \(status) in round \(round)")
    }

    private func expectBlankIsRefused(_ query: String) async {
        let error = await #expect(throws: RPCError.self) { try await patients.listPatients(ListPatientsRequest(query: query)) }
        #expect(error?.violations.map(\.field) == ["query"])
    }

    private func everyPage(of request: ListPatientsRequest) async throws -> [Patient] {
        var request = request
        var found: [Patient] = []
        repeat {
            let page = try await patients.listPatients(request)
            found += page.patients
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        return found
    }
}

extension String {
    /// Few letters, so that parts of names meet often; some with marks, capitals and punctuation.
    fileprivate static func randomName(_ random: inout SplitMix64) -> String {
        let letters = Array("aaAbnnNriíIöOs'’-–,. \u{200B}éşßकु")
        let count = Int.random(in: 1...14, using: &random)
        let name = String((0..<count).map { _ in letters[Int.random(in: letters.indices, using: &random)] })
        return FoldedText(name).isEmpty ? "Ana" : name
    }

    /// A part of the name, often with a letter changed, so that it is found or not.
    fileprivate static func randomPart(of name: String, _ random: inout SplitMix64) -> String {
        let start = Int.random(in: 0..<name.count, using: &random)
        var part = String(name.dropFirst(start).prefix(Int.random(in: 1...8, using: &random)))
        if Int.random(in: 0..<4, using: &random) == 0 { part += "n" }
        if Int.random(in: 0..<3, using: &random) == 0 { part = String(name.suffix(2)) + ", " + part }
        return Bool.random(using: &random) ? part.uppercased() : part
    }
}
