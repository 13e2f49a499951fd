import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension HTTPClient {
    /// Whether somebody who asks for appointments is answered, his request known under this id.
    func answers(_ url: String, _ token: String, _ correlationID: String) async -> Bool {
        var request = HTTPClientRequest(url: url + "/v1/appointments?page_size=1")
        request.headers = HTTPHeaders([("authorization", "Bearer \(token)"), ("x-correlation-id", correlationID)])
        // Who hears nothing because the service is gone was not answered.
        guard let response = try? await execute(request, timeout: .seconds(30)) else { return false }
        return response.status == .ok
    }
}
