---The function that asks: it would write a mail with a link that holds the
---token. It returns at once; the answer comes later, from outside.
return {
  AskApprover = function(input)
    return { asked = "approver@example.org", about = input.case.request or "an unnamed request" }
  end,
}
