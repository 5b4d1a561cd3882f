/** How a DPoP proof may be signed: asymmetric only (RFC 9449 §4.2). */
export const dpopAlgorithms = ['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA', 'PS256', 'RS256'] as const
