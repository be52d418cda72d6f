# shellcheck shell=bash
# A development certificate authority and a server certificate: sourced by standalone.sh and by the tests.

authority_key() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -sha256 "$@" 2>/dev/null
}

# authority_make DIR: DIR/ca.pem, and DIR/tls/ca.key for it alone.
authority_make() {
	authority_key -x509 -days 3650 -subj "/CN=INAP development CA" -keyout "$1/tls/ca.key" -out "$1/ca.pem" \
		-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign &&
		chmod 644 "$1/ca.pem"
}

# authority_certify DIR HOST: DIR/tls/server.pem and server.key, for this machine and HOST.
authority_certify() {
	authority_key -new -subj "/CN=$2" -keyout "$1/tls/server.key" -out "$1/tls/server.csr" &&
		openssl x509 -req -in "$1/tls/server.csr" -CA "$1/ca.pem" -CAkey "$1/tls/ca.key" -CAcreateserial -CAserial "$1/tls/ca.srl" -sha256 \
			-days 825 -out "$1/tls/server.pem" -extfile <(
				echo "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1,DNS:$2"
				echo "basicConstraints=critical,CA:FALSE"
				echo "keyUsage=critical,digitalSignature"
				echo "extendedKeyUsage=serverAuth"
			) 2>/dev/null &&
		rm -f "$1/tls/server.csr"
}

# authority_covers DIR HOST: is there a certificate, for HOST, good for another month?
authority_covers() {
	[[ -s $1/tls/server.pem ]] && openssl x509 -in "$1/tls/server.pem" -noout -checkend 2592000 >/dev/null &&
		openssl x509 -in "$1/tls/server.pem" -noout -checkhost "$2" | grep -q 'does match'
}
