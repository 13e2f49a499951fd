public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension DoctorService {
    /// Lists doctors, newest first. A page goes on after the last row of the one before, so doctors who are registered
    /// meanwhile move nothing.
    public func listDoctors(_ request: ListDoctorsRequest, _ context: CallContext) async throws -> ListDoctorsResponse {
        let rows = try PageSize.rows(request.pageSize)
        let end = try request.sequenceOfPageToken()
        let filter = try DoctorFilter(request)
        let found = try await database.scan { try $0.doctors(matching: filter, before: end, limit: rows + 1) }
        let page = found.prefix(rows)
        return ListDoctorsResponse(
            doctors: page.map(\.doctor), nextPageToken: found.count > rows ? request.pageToken(after: page.last) : "")
    }
}

/// Which doctors a list holds: those that meet every condition. Nil sets none.
struct DoctorFilter: Sendable {
    /// The whole name of the department.
    let department: FoldedText?
    /// The whole specialization.
    let specialization: FoldedText?
    let name: NameQuery?
    let status: DoctorStatus?
    /// What another system calls the doctor.
    let sourceID: SourceID?

    fileprivate init(_ request: ListDoctorsRequest) throws(Rejection) {
        department = try request.department.map { text throws(Rejection) in try FoldedText(filter: "department", text) }
        specialization = try request.specialization.map { text throws(Rejection) in try FoldedText(filter: "specialization", text) }
        name = try request.query.map { text throws(Rejection) in try NameQuery(filter: "query", text) }
        status = request.status == .unspecified ? nil : request.status
        sourceID = try SourceID(source: request.source, sourceID: request.sourceID)
    }
}

extension ListDoctorsRequest {
    private var filters: [String] { [department, specialization, query, "\(status.rawValue)", source, sourceID].map { $0 ?? "" } }

    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func sequenceOfPageToken() throws -> Int64? {
        try PageToken.sortKey(in: pageToken, filters: filters).flatMap { Int64($0) }
    }

    fileprivate func pageToken(after last: StoredDoctor?) -> String {
        last.map { PageToken.make(after: String($0.sequence), filters: filters) } ?? ""
    }
}
