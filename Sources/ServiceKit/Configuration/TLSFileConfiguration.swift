/// Where the certificates of a process lie.
public struct TLSFileConfiguration: Hashable, Sendable {
    /// The process's own certificate, with those up to an authority.
    public var certificate: String
    public var privateKey: String
    /// The authorities that vouch for others; nil where others are not asked who they are.
    public var trustRoots: String?

    public init(certificate: String, privateKey: String, trustRoots: String?) {
        self.certificate = certificate
        self.privateKey = privateKey
        self.trustRoots = trustRoots
    }
}

extension HospitalConfiguration {
    /// All three files of the connections between services, or none of them; both of the public door's, or none.
    mutating func readTLS(_ settings: inout SettingReader) {
        let certificate = settings.readText(Settings.tlsCertificate)
        let key = settings.readText(Settings.tlsKey)
        let roots = settings.readText(Settings.tlsRoots)
        switch (certificate, key, roots) {
        case (nil, nil, nil): break
        case (let certificate?, let key?, let roots?):
            tls = TLSFileConfiguration(certificate: certificate, privateKey: key, trustRoots: roots)
        default:
            settings.refuse(
                Settings.tlsCertificate, "must be set together with \(Settings.tlsKey.key) and \(Settings.tlsRoots.key), or none of them")
        }
        switch (settings.readText(Settings.httpCertificate), settings.readText(Settings.httpKey)) {
        case (nil, nil): break
        case (let certificate?, let key?):
            http.tls = TLSFileConfiguration(certificate: certificate, privateKey: key, trustRoots: nil)
        default: settings.refuse(Settings.httpCertificate, "must be set together with \(Settings.httpKey.key), or neither of them")
        }
        isInsecure = settings.read(Settings.insecure, SettingCheck.yesOrNo, else: isInsecure)
    }
}
