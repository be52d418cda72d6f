/* The version of the client; the build gives another by -DINAP_VERSION. */
#ifndef INAP_CLIENT_VERSION_H
#define INAP_CLIENT_VERSION_H

#ifndef INAP_VERSION
#define INAP_VERSION "0.1"
#endif

#endif
