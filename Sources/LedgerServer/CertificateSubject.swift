import SwiftASN1

/// Reads the name that a certificate gives its holder (RFC 5280, sections 4.1 and 4.1.2.6).
enum CertificateSubject {
    private static let commonName: ASN1ObjectIdentifier = [2, 5, 4, 3]

    /// The last common name of the subject, which is the most significant one; nil where it has none. Throws where
    /// these bytes are no certificate.
    static func commonName(inCertificate der: [UInt8]) throws -> String? {
        let fields = try children(of: children(of: DER.parse(der)).first)
        // A version, where there is one, then serial number, algorithm, issuer, validity and subject.
        let version = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
        let place = fields.first?.identifier == version ? 5 : 4
        guard fields.indices.contains(place) else { return nil }
        var name: String?
        for relativeName in try children(of: fields[place]) {
            for attribute in try children(of: relativeName) {
                let parts = try children(of: attribute)
                guard parts.count == 2, try ASN1ObjectIdentifier(derEncoded: parts[0]) == commonName else { continue }
                if case .primitive(let text) = parts[1].content { name = String(decoding: text, as: UTF8.self) }
            }
        }
        return name
    }

    private static func children(of node: ASN1Node?) throws -> [ASN1Node] {
        guard case .constructed(let nodes)? = node?.content else { return [] }
        return Array(nodes)
    }
}
