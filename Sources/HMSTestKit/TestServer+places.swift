import ServiceKit
import StorageTestKit

extension TestServer {
    /// A schema of its own for each service, on the server under test; SQLite in the data folder where there is none.
    static func places(_ schemas: String, of services: [String]) -> DatabasePlaces {
        var places = DatabasePlaces()
        for service in services { places.own[service] = url(schema: "\(schemas)_\(service)") }
        return places
    }
}
