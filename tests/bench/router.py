"""The sections that a secure CME router has once, as tests.bench.generate sets them between those that it has many of."""

OPENING = """\
!
version 15.7
service timestamps debug datetime msec
service timestamps log datetime msec
no service password-encryption
!
hostname BENCH
!
boot-start-marker
boot-end-marker
!
logging buffered 51200 warnings
enable secret 5 $1$EPuU$StnupBRh51svO7SMtr5cv/
!
aaa new-model
!
aaa authentication login default local
aaa authorization exec default local
!
aaa session-id common
clock timezone EST -5 0
!
"""

CERTIFICATION = """\
ip domain name example.com
ip cef
no ipv6 cef
!
crypto pki server cme-ca
 database level complete
 grant auto
 lifetime certificate 1800
!
crypto pki trustpoint cme-ca
 revocation-check crl
 rsakeypair cme-ca
!
crypto pki trustpoint cme
 enrollment url http://10.0.0.1:80
 serial-number
 revocation-check none
 rsakeypair cme
!
crypto pki trustpoint capf
 enrollment url http://10.0.0.1:80
 serial-number
 revocation-check none
 rsakeypair capf
!
crypto pki trustpoint tftp
 enrollment url http://10.0.0.1:80
 serial-number
 revocation-check none
 rsakeypair tftp
!
crypto pki trustpoint sast1
 enrollment url http://10.0.0.1:80
 serial-number
 revocation-check none
 rsakeypair sast1
!
crypto pki trustpoint sast2
 enrollment url http://10.0.0.1:80
 serial-number
 revocation-check none
 rsakeypair sast2
!
"""

PHONE_SECURITY = """\
ctl-client
 server cme 10.0.0.1 trustpoint cme
 server capf 10.0.0.1 trustpoint capf
 server tftp 10.0.0.1 trustpoint tftp
 sast1 trustpoint sast1
 sast2 trustpoint sast2
!
capf-server
 port 3804
 auth-mode null-string
 cert-enroll-trustpoint cme-ca password 1 094F471A1A0A
 trustpoint-label capf
 source-addr 10.0.0.1
!
"""

VOICE_PORT = """\
control-plane
!
voice-port 0/1/0:23
!
"""

TELEPHONY = """\
sip-ua
 registrar ipv4:10.0.0.1 expires 3600
 crypto signaling default trustpoint cme
!
telephony-service
 max-ephones 1000
 max-dn 2500
 ip source-address 10.0.0.1 port 2000
 secure-signaling trustpoint cme
 cnf-file location flash:
 cnf-file perphone
 voicemail 6000
 max-conferences 8 gain -6
 moh flash:music-on-hold.au
 transfer-system full-consult
 transfer-pattern 2....
 tftp-server-credentials trustpoint tftp
 device-security-mode encrypted
 load-cfg-file flash:XMLDefault.cnf.xml alias XMLDefault.cnf.xml sign
 create cnf-files version-stamp 7960 Jan 01 2020 00:00:00
!
ephone-template  1
 softkeys idle  Redial Newcall Cfwdall Pickup
 softkeys connected  Hold Endcall Trnsfer Confrn
!
"""

CLOSING = """\
banner motd ^C
interface GigabitEthernet9/9 is not an interface here
ephone  9999
 button  1:1
!
Authorized access only
^C
!
line con 0
 logging synchronous
line aux 0
line vty 0 4
 exec-timeout 30 0
 login local
 transport input ssh
!
ntp server 10.0.0.2
!
end
"""
