// Says in words why a security key did not work; allauth's own script tells the console alone.
(function () {
  const fault = document.getElementById('key-fault')

  function show (words) {
    fault.textContent = words
    fault.hidden = false
  }

  const words = {
    NotAllowedError: fault.dataset.cancelled,
    InvalidStateError: fault.dataset.known,
    SecurityError: fault.dataset.address
  }
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    const exception = event.detail.exception
    show(words[exception.name] || fault.dataset.other + ' (' + exception.name + ')')
  })

  // The standard knows keys of named sites alone: https://www.w3.org/TR/webauthn-2/#relying-party-identifier
  if (/^[0-9.]+$|:/.test(window.location.hostname)) {
    show(fault.dataset.address)
  } else if (!window.PublicKeyCredential) {
    show(fault.dataset.unsupported)
  }
})()
