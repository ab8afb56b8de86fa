---The function behind the die.
return {
  lambdaRollDie = function(_, context)
    return { roll = context:random(1, 6) }
  end,
}
