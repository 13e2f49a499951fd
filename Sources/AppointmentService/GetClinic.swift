public import Contracts
public import RPC
import ServiceKit

extension AppointmentService {
    /// Reads what holds for the whole clinic: what every time without a zone and every amount without a currency is in.
    public func getClinic(_ request: GetClinicRequest, _ context: CallContext) async throws -> GetClinicResponse {
        let clinic = resources.clinic
        return GetClinicResponse(
            clinic: Clinic(timeZone: clinic.timeZone, currency: clinic.currency, consultationFee: clinic.consultationFee))
    }
}
