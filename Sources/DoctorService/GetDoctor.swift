public import Contracts
public import RPC
public import Storage

extension DoctorService {
    /// Reads one doctor, whatever the status.
    public func getDoctor(_ request: GetDoctorRequest, _ context: CallContext, _ reader: Reader) throws -> GetDoctorResponse {
        GetDoctorResponse(doctor: try reader.doctor(request.doctorID))
    }

    /// Reads which department a doctor belongs to.
    public func getDoctorDepartment(
        _ request: GetDoctorDepartmentRequest, _ context: CallContext, _ reader: Reader
    ) throws -> GetDoctorDepartmentResponse {
        let doctor = try reader.doctor(request.doctorID)
        return GetDoctorDepartmentResponse(doctorID: doctor.doctorID, department: doctor.department, version: doctor.version)
    }

    /// - Throws: `DOCTOR_NOT_FOUND`.
    func doctor(_ doctorID: String) async throws -> Doctor {
        try await database.read { try $0.doctor(doctorID) }
    }
}
