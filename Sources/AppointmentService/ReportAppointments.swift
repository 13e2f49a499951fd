public import Contracts
public import RPC
import Storage
import Vocabulary

extension AppointmentService {
    /// Counts the appointments of some clinic days by department, doctor, day or status; visits that were imported only where
    /// that is asked.
    public func reportAppointments(_ request: ReportAppointmentsRequest, _ context: CallContext) async throws -> ReportAppointmentsResponse
    {
        let days = try DayRange(from: request.from, to: request.to, atMost: Self.mostDaysOfReport)
        let count = try request.groupBy.counting
        let those: CountedAppointments = request.includeHistory ? .all : .ownOnly
        return ReportAppointmentsResponse(rows: try await database.report { try count($0, days, those) })
    }

    private static let mostDaysOfReport = 366
}

extension AppointmentGrouping {
    fileprivate var counting: @Sendable (Reader, DayRange, CountedAppointments) throws -> [AppointmentReportRow] {
        get throws(Rejection) {
            switch self {
            case .department: { try $0.countsByDepartment($1, $2) }
            case .doctor: { try $0.countsByDoctor($1, $2) }
            case .day: { try $0.countsByDay($1, $2) }
            case .status: { try $0.countsByStatus($1, $2) }
            default: throw Rejection(invalid: [.init(field: "group_by", sentence: "must be DEPARTMENT, DOCTOR, DAY or STATUS")])
            }
        }
    }
}
