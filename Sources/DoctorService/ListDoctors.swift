public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension DoctorService {
    /// Lists doctors, newest first. A page goes on after the last row of the one before, so doctors who are registered
    /// meanwhile move nothing.
    public func listDoctors(_ request: ListDoctorsRequest, _ context: CallContext) async throws -> ListDoctorsResponse {
        let page = try PageRequest<Int64>(
            request.pageSize, after: request.pageToken,
            filters: [
                request.department, request.specialization, request.query, "\(request.status.rawValue)", request.source, request.sourceID,
            ])
        let filter = try DoctorFilter(request)
        let doctors = try await database.scan { try $0.doctors(matching: filter, on: page) }
        return ListDoctorsResponse(doctors: doctors.rows.map(\.doctor), nextPageToken: doctors.nextToken)
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
